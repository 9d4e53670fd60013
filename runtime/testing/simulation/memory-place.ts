/** Devices in memory, whose data can be remembered and put back. */
import { createMemoryDisk } from '../../storage/memory/memory-disk'
import { openMemory } from '../../storage/memory/open-memory'
import type { DevicePlace } from './sim-device'

export async function openMemoryPlace(): Promise<DevicePlace> {
  const disk = createMemoryDisk()
  return {
    open: () => openMemory({ disk }),
    remember: () => {
      const kept = structuredClone(disk.state)
      return () => {
        disk.state = kept
        disk.journal = []
        disk.generation += 1
      }
    },
    close: async () => undefined,
  }
}
