import { compactSemanticConfigurations } from './compact-semantic.js';
import { compactConfigurations } from './compact.js';
import type { AnyConfigurationKind } from './configuration-kind.js';
import { jwtConfigurations } from './jwt.js';
import { mobileConfigurations } from './mobile.js';
import { sdJwtConfigurations } from './sd-jwt.js';
import { webSemanticConfigurations } from './web-semantic.js';

/** Every kind of credential configurations that the management API knows. */
export const CONFIGURATION_KINDS: readonly AnyConfigurationKind[] = [
  sdJwtConfigurations,
  mobileConfigurations,
  jwtConfigurations,
  webSemanticConfigurations,
  compactConfigurations,
  compactSemanticConfigurations,
].map((kind) => kind as unknown as AnyConfigurationKind);
