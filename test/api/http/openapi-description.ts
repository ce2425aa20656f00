import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Answer } from '../../flows/plain-wallet.js';

type Content = Readonly<Record<string, { readonly schema: unknown }>>;

interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<'schemas' | 'securitySchemes', Readonly<Record<string, unknown>>>>;
}

/** An API's OpenAPI document, to hold real requests and answers against. */
export class OpenApiDescription {
  readonly document: OpenApi;
  readonly #ajv: Ajv2020;

  constructor(document: unknown) {
    this.document = document as OpenApi;
    this.#ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
    formats.default(this.#ajv);
    // Members of a schema that OpenAPI adds, or that are for readers only.
    this.#ajv.addVocabulary(['example', 'discriminator', 'paths', 'components', 'openapi', 'info', 'servers', 'webhooks']);
    this.#ajv.addSchema(document as object, 'openapi');
  }

  /** Every operation as `<method> <path>`, in alphabetical order. */
  get operations(): string[] {
    return Object.entries(this.document.paths)
      .flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`))
      .sort();
  }

  /** Every place of the document that holds a schema, as a JSON pointer. */
  *schemaPointers(): Generator<string> {
    for (const name of Object.keys(this.document.components.schemas)) yield `/components/schemas/${escaped(name)}`;
    for (const [path, item] of Object.entries(this.document.paths)) {
      for (const [method, { parameters = [], requestBody, responses }] of Object.entries(item)) {
        const at = `/paths/${escaped(path)}/${method}`;
        for (const index of parameters.keys()) yield `${at}/parameters/${index}/schema`;
        for (const type of Object.keys(requestBody?.content ?? {})) yield `${at}/requestBody/content/${escaped(type)}/schema`;
        for (const [status, { content = {} }] of Object.entries(responses))
          for (const type of Object.keys(content)) yield `${at}/responses/${status}/content/${escaped(type)}/schema`;
      }
    }
  }

  /** @throws for a schema that is none, or refers to nothing */
  compile(pointer: string): ValidateFunction {
    return this.#ajv.compile({ $ref: `openapi#${pointer.split('/').map(encodeURIComponent).join('/')}` });
  }

  /** What of an answer is not as the document says; empty where all is. */
  faultsOfAnswer(method: string, url: string, { status, headers, text }: Answer): string[] {
    const path = this.pathOf(url);
    if (path === undefined) return [`${url} is no path of the document`];
    const operation = this.document.paths[path]?.[method.toLowerCase()];
    if (operation === undefined) return [`${path} has no ${method}`];
    const response = operation.responses[String(status)];
    if (response === undefined) return [`${method} ${path} does not list ${status}`];
    if (response.content === undefined) return text === '' ? [] : [`${status} has a body`];
    const type = (headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
    if (!(type in response.content)) return [`${status} is ${type}`];
    if (!type.endsWith('json')) return text === '' ? [`${status} has no body`] : [];
    const at = `/paths/${escaped(path)}/${method.toLowerCase()}/responses/${status}/content/${escaped(type)}/schema`;
    return this.#faults(at, JSON.parse(text));
  }

  /** What of a request's JSON body is not as the document says. */
  faultsOfRequest(method: string, url: string, body: unknown): string[] {
    const at = `/paths/${escaped(this.pathOf(url) ?? '')}/${method.toLowerCase()}/requestBody/content/application~1json/schema`;
    return this.#faults(at, body);
  }

  #faults(pointer: string, value: unknown): string[] {
    const validate = this.compile(pointer);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
  }

  /** The path of the document that a URL belongs to; one without parameters comes first. */
  pathOf(url: string): string | undefined {
    const { pathname } = new URL(url, 'http://localhost');
    const paths = Object.keys(this.document.paths);
    if (paths.includes(pathname)) return pathname;
    return paths.find((path) => new RegExp(`^${path.replace(/[.]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`).test(pathname));
  }
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
