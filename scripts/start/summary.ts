import type { Config } from '../../config/config.js';
import type { StartSettings } from './settings.js';

interface SummaryOptions {
  readonly config: Config;
  readonly settings: StartSettings;
  readonly newAdminClient?: { readonly clientId: string; readonly clientSecret: string };
}

/** What the person at the terminal needs to know once everything runs. */
export function summary({ config, settings: { dataFolder, demoPorts }, newAdminClient }: SummaryOptions): string {
  const rows: [string, string][] = [
    ['Issuer', config.PUBLIC_URL],
    ['API documentation', `${config.PUBLIC_URL}/docs`],
    ['Temporal UI', config.TEMPORAL_UI_URL],
    ...(config.production ? [] : [['Data and logs', dataFolder] as [string, string]]),
    ...(demoPorts === undefined
      ? []
      : ([
          ['Demo login', `http://localhost:${demoPorts.DEMO_PROVIDER_PORT}`],
          ['', 'a demo, where anybody logs in as anybody: DEMO_SERVICES=off leaves it out'],
        ] as [string, string][])),
    ...(newAdminClient === undefined
      ? []
      : ([
          ['Management client', newAdminClient.clientId],
          ['Management secret', newAdminClient.clientSecret],
          ['', 'shown this once; kept in admin-client.json in the data folder'],
        ] as [string, string][])),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    '',
    'Chancery is ready.',
    '',
    ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`),
    '',
    '  Ctrl-C stops it.',
    '',
  ].join('\n');
}
