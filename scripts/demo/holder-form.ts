/** A button that the demo's holder presses. */
export interface Press {
  readonly name: string;
  readonly value: string;
}

/** A form as a browser would send it. */
export interface FilledForm {
  readonly action: string;
  readonly fields: URLSearchParams;
}

/** The form of a page that has this button, with its hidden fields, the first of each choice, and the button pressed. */
export function formWith(page: string, { name, value }: Press): FilledForm | undefined {
  for (const [, attributes = '', content = ''] of page.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)) {
    const action = attribute(attributes, 'action');
    const buttons = tags(content, 'button');
    const isThere = buttons.some((tag) => attribute(tag, 'name') === name && attribute(tag, 'value') === value);
    if (!isThere || action === undefined) continue;
    const fields = new URLSearchParams();
    for (const tag of tags(content, 'input'))
      if (attribute(tag, 'type') === 'hidden') fields.append(attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? '');
    for (const [, select = '', option = ''] of content.matchAll(/<select\b([^>]*)>\s*<option[^>]*>([^<]*)</g))
      fields.append(attribute(select, 'name') ?? '', unescapeHtml(option));
    fields.append(name, value);
    return { action, fields };
  }
  return undefined;
}

/** What a page is headed with. */
export function headingOf(page: string): string | undefined {
  const [, heading] = /<h1[^>]*>([^<]*)</.exec(page) ?? [];
  return heading === undefined ? undefined : unescapeHtml(heading).trim();
}

function tags(html: string, element: string): readonly string[] {
  return [...html.matchAll(new RegExp(`<${element}\\b([^>]*)>`, 'g'))].map(([, attributes]) => attributes ?? '');
}

function attribute(attributes: string, name: string): string | undefined {
  const [, value] = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes) ?? [];
  return value === undefined ? undefined : unescapeHtml(value);
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
