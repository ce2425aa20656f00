/** All that a session's record knows of its holder, as `$unset` takes it: gone once the session is over. */
export const HOLDER_DATA = {
  claims: '',
  collected: '',
  authorization: '',
  authentication: '',
  interaction: '',
  approval: '',
} as const;
