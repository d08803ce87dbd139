import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/**
 * Tests of the whole product take longest and wait most. They come first, so that no worker stands idle at the end while
 * another one has such a file before it. Vitest goes by the size of files, which says nothing of that.
 */
export class EndToEndFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number =>
      moduleId.endsWith('/e2e/ansible.test.ts') ? 0 : moduleId.includes('/test/e2e/') ? 1 : 2;
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
