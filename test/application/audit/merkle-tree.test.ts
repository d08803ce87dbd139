import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { MerkleEdge } from '../../../src/application/audit/merkle-tree.ts';

// Leaves and roots published with the reference implementation of RFC 6962 (certificate-transparency, merkle_tree_test).
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const leafHash = (hex: string): Buffer => hash('sha256', Buffer.from(`00${hex}`, 'hex'), 'buffer');

test('roots of the published RFC 6962 vectors', () => {
  const tree = MerkleEdge.empty();
  expect(tree.root().toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  for (const [index, leaf] of leaves.entries()) {
    tree.push(leafHash(leaf));
    expect(tree.root().toString('hex')).toBe(roots[index]);
  }
});

/** MTH word for word as RFC 6962, section 2.1, defines it. */
function mth(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 1) return hashes[0]!;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return hash('sha256', Buffer.concat([Buffer.from([1]), mth(hashes.slice(0, k)), mth(hashes.slice(k))]), 'buffer');
}

test('the edge gives the root of the definition at every size, also after it was stored and read', () => {
  const hashes: Buffer[] = [];
  let tree = MerkleEdge.empty();
  for (let n = 0; n < 300; n += 1) {
    hashes.push(leafHash(n.toString(16).padStart(4, '0')));
    tree.push(hashes[n]!);
    tree = MerkleEdge.from(tree.size, tree.toBytes());
    expect(tree.root()).toEqual(mth(hashes));
  }
  expect(() => MerkleEdge.from(300, Buffer.alloc(32))).toThrow(RangeError);
});
