import type { Prefix } from '../net';
import { sha256 } from './make-manifest';
import type { Manifest } from './schema';

/** The file beside `fabric.json` that says what was proven; no device can be named so. */
export const PROOF_FILE = '.proof';

/** The release of this library: what one has proven, the next one proves anew. */
export const RELEASE = '0.1.0';

/**
 * Says that this release has proven the promises of a partition. All that the proof reads is in it, the configurations by their
 * hashes: where the same record lies in the output, the same was proven before (docs/decisions/0024-proven-once.md).
 * @param inside the prefixes that are the fabric's own, and that the manifest does not have
 */
export const proofRecord = (manifest: Manifest, inside: readonly Prefix[]): string =>
  `cdktf-metal-fabric ${RELEASE} has proven ${sha256(JSON.stringify([manifest, inside.map(String)]))}\n`;
