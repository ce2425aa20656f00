import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import proto from '@temporalio/proto';
import type { Payload } from '@temporalio/common';
import { EncryptionCodec } from '../../worker/payload-codec.js';
import { ringOf } from '../flows/issuer-secrets.js';
import type { System } from '../harness/system.js';

const EMPTY_PAGE = Buffer.alloc(4096);

/** Something that is kept or shown, to be searched. */
export interface Place {
  readonly name: string;
  readonly content: Uint8Array | string;
}

/** What Temporal has of every workflow: its history as stored and as the key makes it readable, and its entry in the list. */
export async function temporalPlaces({ temporal, masterKey, namespace }: System): Promise<readonly Place[]> {
  const codec = new EncryptionCodec(ringOf({ masterKey }));
  const places: Place[] = [];
  for await (const { workflowId, raw, typedSearchAttributes, memo } of temporal.workflow.list()) {
    const { history } = await temporal.workflowService.getWorkflowExecutionHistory({ namespace, execution: { workflowId } });
    const description = await temporal.workflow.getHandle(workflowId).describe();
    const decoded = await codec.decode([...payloadsIn(history), ...payloadsIn(description.raw)]);
    places.push(
      { name: `history ${workflowId}`, content: proto.temporal.api.history.v1.History.encode(history ?? {}).finish() },
      {
        name: `payloads ${workflowId}`,
        content: decoded.map(({ data }) => Buffer.from(data ?? []).toString('latin1')).join('\n'),
      },
      { name: `list ${workflowId}`, content: JSON.stringify([raw, typedSearchAttributes.getAll(), memo, description.raw]) },
    );
  }
  return places;
}

/** Every document of every collection, as the driver reads it. */
export async function collectionPlaces({ mongoUri, databaseName }: System): Promise<readonly Place[]> {
  const client = new MongoClient(mongoUri);
  try {
    const collections = await client.db(databaseName).collections();
    return await Promise.all(
      collections.map(async (collection) => ({
        name: `collection ${collection.collectionName}`,
        content: JSON.stringify(await collection.find({}).toArray()),
      })),
    );
  } finally {
    await client.close();
  }
}

/** What both processes say of themselves. */
export async function processPlaces(system: System): Promise<readonly Place[]> {
  const metrics = async (url: string) => ({ name: `metrics ${url}`, content: await (await fetch(`${url}/metrics`)).text() });
  return [{ name: 'logs', content: system.logs() }, await metrics(system.url), await metrics(system.workerUrl)];
}

/** The engines' data files, byte by byte; the engines should have stopped. */
export function filePlaces({ folder }: System): readonly Place[] {
  return ['temporal', 'mongodb'].flatMap((engine) =>
    readdirSync(join(folder, engine), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => ({
        name: `${engine} ${name}`,
        content: withoutEmptyPages(readFileSync(join(parentPath, name))),
      })),
  );
}

/** Logs are laid out in advance: most of such a file is pages of zeros. */
function withoutEmptyPages(content: Buffer): Buffer {
  const pages: Buffer[] = [];
  for (let at = 0; at < content.length; at += EMPTY_PAGE.length) {
    const page = content.subarray(at, at + EMPTY_PAGE.length);
    if (!page.equals(EMPTY_PAGE)) pages.push(page);
  }
  return Buffer.concat(pages);
}

function payloadsIn(value: unknown): readonly Payload[] {
  if (Array.isArray(value)) return value.flatMap(payloadsIn);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array) return [value as Payload];
  return Object.values(value).flatMap(payloadsIn);
}
