/** Somebody who can log in at the demo provider. */
export interface DemoAccount {
  /** The `sub`. */
  readonly id: string;
  readonly claims: Readonly<Record<string, unknown>> & { readonly given_name: string; readonly family_name: string };
}

/** Invented people. */
export const DEMO_PEOPLE: readonly DemoAccount[] = [
  {
    id: 'demo-aroha',
    claims: {
      name: 'Aroha Example',
      given_name: 'Aroha',
      family_name: 'Example',
      email: 'aroha@kauri.example',
      email_verified: true,
      birthdate: '1990-02-06',
      address: { street_address: '1 Example Quay', locality: 'Wellington', postal_code: '6011', country: 'NZ' },
      employee_number: '004711',
    },
  },
  {
    id: 'demo-bruno',
    claims: {
      name: 'Bruno Beispiel',
      given_name: 'Bruno',
      family_name: 'Beispiel',
      email: 'bruno@kauri.example',
      email_verified: true,
      birthdate: '1984-11-23',
      address: { street_address: 'Musterweg 2', locality: 'Karlsruhe', postal_code: '76131', country: 'DE' },
      employee_number: '004712',
    },
  },
];

/** What the claims source knows of them, by e-mail address. */
export const DEMO_ACCESS: Readonly<Record<string, { readonly access_areas: readonly string[]; readonly job_title: string }>> = {
  'aroha@kauri.example': { access_areas: ['main entrance', 'laboratory 2', 'roof terrace'], job_title: 'Calibration engineer' },
  'bruno@kauri.example': { access_areas: ['main entrance', 'warehouse'], job_title: 'Logistics planner' },
};
