import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LabError } from './lab-error';

/** What a guest boots from: the folder that image/build-image made. */
export interface Image {
  readonly release: Release;
  readonly folder: string;
}

/** Debian's releases that carry an FRR which a fabric can be written for. */
export type Release = 'bookworm' | 'trixie';

/** The release whose FRR is nearest to what the configurations are written for: 8.4.4 of Debian 12, 10.3 of Debian 13. */
export function releaseFor(frr: string): Release {
  return Number(frr.split('.')[0]) >= 10 ? 'trixie' : 'bookworm';
}

/** Where images are kept: `METAL_FABRIC_CACHE`, or the user's cache folder. */
export function imageCache(env: NodeJS.ProcessEnv = process.env): string {
  const { METAL_FABRIC_CACHE: own, XDG_CACHE_HOME: users } = env;
  if (own !== undefined && own !== '') return join(own, 'lab');
  return join(users === undefined || users === '' ? join(homedir(), '.cache') : users, 'metal-fabric', 'lab');
}

/**
 * The image of a release; made from Debian's packages, once.
 * @param tell gets each line that the script says about its progress
 */
export function provideImage(release: Release, tell: (line: string) => void, signal?: AbortSignal): Promise<Image> {
  const script = join(__dirname, 'image', 'build-image');
  return new Promise((done, fail) => {
    const child = spawn('sh', [script, release, imageCache()], { stdio: ['ignore', 'pipe', 'pipe'], signal });
    let [out, rest] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) tell(line);
    });
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) {
        done({ release, folder: out.trim().split('\n').pop() ?? '' });
        return;
      }
      fail(
        new LabError(
          `the image of Debian ${release} could not be made (exit ${String(code)})`,
          'see what it said above; it needs apt, dpkg and a Debian mirror, and no root',
        ),
      );
    });
  });
}
