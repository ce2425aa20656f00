import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/**
 * Reads `+ <group>` and `- <group>` lines; when its input ends, which it does however this process dies, it ends the
 * process groups still listed.
 */
const GUARD = `
trap '' INT TERM HUP
groups=' '
while read -r action group; do
  case $action in
    +) groups="$groups$group " ;;
    -) left=' '; for other in $groups; do [ "$other" = "$group" ] || left="$left$other "; done; groups=$left ;;
  esac
done
[ "$groups" = ' ' ] && exit 0
for group in $groups; do kill -TERM "-$group" 2>/dev/null; done
sleep 2
for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
`;

let guard: ChildProcessByStdio<Writable, null, null> | undefined;

/** From now on the process group ends with this process, even if this one is killed outright. */
export function guardGroup(group: number): void {
  tell(`+ ${group}`);
}

/** The group has ended: its number may be given to others. */
export function releaseGroup(group: number): void {
  tell(`- ${group}`);
}

function tell(line: string): void {
  guard ??= startGuard();
  guard.stdin.write(`${line}\n`);
}

function startGuard(): ChildProcessByStdio<Writable, null, null> {
  const child = spawn('/bin/sh', ['-c', GUARD], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  // Neither the guard nor the pipe to it keeps this process alive.
  child.unref();
  (child.stdin as unknown as Socket).unref();
  return child;
}
