import { expect, test } from 'vitest';
import { OutputAcks } from '../../web/src/screens/terminal/output-acks.ts';

test('what is drawn is acknowledged from where the server began, and little of it together', () => {
  const said: number[] = [];
  const acks = new OutputAcks((offset) => said.push(offset));
  acks.begin({ from: 1_000, shown: 0 });
  const pieces = [acks.came(10), acks.came(20)];
  expect(acks.offset).toBe(1_030);
  for (const drawn of pieces) drawn();
  expect(said).toEqual([]);
  acks.flush();
  acks.flush();
  expect(said).toEqual([1_030]);
  acks.came(200_000)();
  expect(said).toEqual([1_030, 201_030]);
});

test('bytes that came and are not drawn are not acknowledged', () => {
  const said: number[] = [];
  const acks = new OutputAcks((offset) => said.push(offset));
  acks.begin({ from: 0, shown: 0 });
  acks.came(500_000);
  acks.flush();
  expect(said).toEqual([]);
});

test('what another page had is old, and what is drawn of an earlier session counts nothing', () => {
  const said: number[] = [];
  const acks = new OutputAcks((offset) => said.push(offset));
  acks.begin({ from: 100, shown: 150 });
  expect(acks.old).toBe(50);
  const drawn = acks.came(30);
  expect(acks.old).toBe(20);
  acks.came(40);
  expect(acks.old).toBe(0);
  acks.begin(null);
  expect(acks.offset).toBe(null);
  acks.begin({ from: 0, shown: 0 });
  drawn();
  acks.flush();
  expect(said).toEqual([]);
});
