/** JSON Schema of what an OpenAPI 3.1 document may look like, as far as ours uses it (OpenAPI 3.1.0, section 4.8). */
export const OPENAPI_SHAPE = {
  $id: 'openapi-shape',
  ...object(
    { openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' }, info: ref('info'), paths: ref('paths') },
    {
      servers: { type: 'array', items: object({ url: { type: 'string', format: 'uri' } }, { description: text() }) },
      components: ref('components'),
      webhooks: { type: 'object', maxProperties: 0 },
    },
  ),
  $defs: {
    info: object({ title: text(), version: text() }, { description: text(), license: ref('license') }),
    license: object({ name: text() }, { identifier: text(), url: { type: 'string', format: 'uri' } }),
    paths: { type: 'object', propertyNames: { pattern: '^/' }, additionalProperties: ref('pathItem'), minProperties: 1 },
    pathItem: object({}, Object.fromEntries(['get', 'put', 'post', 'delete'].map((method) => [method, ref('operation')]))),
    operation: object(
      { responses: ref('responses') },
      {
        tags: { type: 'array', items: text(), minItems: 1 },
        summary: text(),
        description: text(),
        operationId: text(),
        security: { type: 'array', items: { type: 'object', additionalProperties: { type: 'array', items: text() } } },
        parameters: { type: 'array', items: ref('parameter'), uniqueItems: true },
        requestBody: object({ content: ref('content') }, { required: { type: 'boolean' }, description: text() }),
      },
    ),
    parameter: {
      ...object(
        { name: text(), in: { enum: ['path', 'query', 'header'] }, schema: ref('schema') },
        {
          required: { type: 'boolean' },
          description: text(),
        },
      ),
      if: { type: 'object', properties: { in: { const: 'path' } } },
      then: { type: 'object', properties: { required: { const: true } }, required: ['required'] },
    },
    responses: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[1-5]\\d\\d$' },
      additionalProperties: object({ description: text() }, { content: ref('content') }),
    },
    content: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^(application/[a-z+.-]+|image/png)$' },
      additionalProperties: object({ schema: ref('schema') }, {}),
    },
    components: object(
      {},
      {
        schemas: { type: 'object', propertyNames: { pattern: '^[A-Za-z0-9._-]+$' }, additionalProperties: ref('schema') },
        parameters: { type: 'object', additionalProperties: ref('parameter') },
        securitySchemes: {
          type: 'object',
          additionalProperties: object(
            { type: { const: 'http' }, scheme: { const: 'bearer' } },
            {
              bearerFormat: text(),
              description: text(),
            },
          ),
        },
      },
    ),
    // The schemas themselves are compiled, which says more of them.
    schema: { type: 'object' },
  },
};

function object(required: Readonly<Record<string, unknown>>, optional: Readonly<Record<string, unknown>>) {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

function ref(name: string) {
  return { $ref: `#/$defs/${name}` };
}

function text() {
  return { type: 'string', minLength: 1 };
}
