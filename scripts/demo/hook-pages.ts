import type { demoPage } from './page.js';
import { escapeHtml } from './page.js';

type Page = Parameters<typeof demoPage>[0];

/** A decision that was put off. */
export interface WaitingDecision {
  readonly id: string;
  readonly who: string;
  readonly department: string;
}

export const DEPARTMENTS = ['Calibration', 'Logistics', 'Research'];

const NOTICE = 'Demo interaction: a step of the issuer’s own between login and credential.';

/** Asks for the decision. */
export function confirmPage({ token, who }: { token: string; who: string }): Page {
  const options = DEPARTMENTS.map((name) => `<option>${escapeHtml(name)}</option>`).join('');
  return {
    title: 'Confirm your badge',
    notice: NOTICE,
    content: `<p>${escapeHtml(who)}, is the photo on your badge yours, and is this your department?</p>
<form method="post" action="/decision">
<input type="hidden" name="session_token" value="${escapeHtml(token)}">
<label for="department">Department</label>
<select id="department" name="department">${options}</select>
<button type="submit" name="decision" value="confirm">Confirm</button>
<button type="submit" name="decision" value="refuse">Refuse</button>
<button type="submit" name="decision" value="later">Decide later</button>
</form>
<p>What is decided later waits at <a href="/" target="_blank" rel="noopener">decisions waiting</a>.</p>`,
  };
}

/** What waits for a decision. */
export function waitingPage(waiting: readonly WaitingDecision[], note?: string): Page {
  const rows = waiting.map(
    ({ id, who, department }) => `<li>${escapeHtml(who)}, ${escapeHtml(department)}
<form method="post" action="/waiting/${escapeHtml(id)}">
<button type="submit" name="decision" value="approve">Approve</button>
<button type="submit" name="decision" value="refuse">Refuse</button>
</form></li>`,
  );
  const list = rows.length === 0 ? '<p>Nothing waits for a decision.</p>' : `<ul>${rows.join('\n')}</ul>`;
  const said = note === undefined ? '' : `<p role="status">${escapeHtml(note)}</p>`;
  return { title: 'Decisions waiting', notice: NOTICE, content: said + list };
}

/** Says why there is nothing to decide. */
export function hookFaultPage(sentence: string): Page {
  return { title: 'This does not work', notice: NOTICE, content: `<p>${escapeHtml(sentence)}</p>` };
}
