import { Kbd, Modal, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { keyMap } from './keys.ts';

/** What each key does, while the focus is inside the player. */
export function KeyHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys of the player">
      <Table withRowBorders={false} verticalSpacing={4}>
        <Table.Tbody>
          {keyMap.map(([keys, does, text]) => (
            <Table.Tr key={does}>
              <Table.Td w={130}>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{text}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
