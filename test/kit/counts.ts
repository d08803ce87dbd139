/** True in `npm run test:deep`, where races, kills and fuzz run their full counts. */
export const deep = process.env.SALLYPORT_TEST_DEEP === '1';

/** How often to repeat: `small` in `npm test`, `full` in `npm run test:deep`. */
export function count(small: number, full: number): number {
  return deep ? full : small;
}
