import { expect, test } from 'vitest'
import { createPeer, type Methods, RemoteError } from './peer'

type Calculator = {
  readonly add: (pair: readonly [number, number]) => number
  readonly refuse: (nothing: null) => Promise<never>
  readonly hang: (nothing: null) => Promise<never>
}

const refusal = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (id)=(1) already exists.' })

function connect() {
  const { port1, port2 } = new MessageChannel()
  const heard: string[] = []
  const calculator: Calculator = {
    add: ([left, right]) => left + right,
    refuse: () => Promise.reject(refusal),
    hang: () => new Promise(() => {}),
  }
  const far = createPeer<Methods, string, Calculator, never>({ port: port2, methods: calculator, onEvent: () => {} })
  const near = createPeer<Calculator, never, Methods, string>({
    port: port1,
    methods: {},
    onEvent: (event) => heard.push(event),
  })
  const close = () => {
    near.close('closed')
    far.close('closed')
  }
  return { near, far, heard, close }
}

test('a call answers what the other side returned, whatever order the answers come in', async () => {
  const { near, close } = connect()
  const sums = await Promise.all([near.call('add', [1, 2]), near.call('add', [3, 4])])
  expect(sums).toEqual([3, 7])
  close()
})

test('an error crosses as a value, with its code and detail', async () => {
  const { near, close } = connect()
  const error = await near.call('refuse', null).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(RemoteError)
  expect(error).toMatchObject({
    message: 'duplicate key',
    value: { code: '23505', detail: 'Key (id)=(1) already exists.' },
  })
  close()
})

test('closing rejects what is under way and what comes later', async () => {
  const { near, close } = connect()
  const hanging = near.call('hang', null)
  near.close('The worker was ended.')
  await expect(hanging).rejects.toThrow('The worker was ended.')
  await expect(near.call('add', [1, 1])).rejects.toThrow('The worker was ended.')
  close()
})

test('an event is heard before the answer to a call made after it', async () => {
  const { near, far, heard, close } = connect()
  far.tell('ready')
  await near.call('add', [0, 0])
  expect(heard).toEqual(['ready'])
  close()
})

test('an inherited name is not a method', async () => {
  const { near, close } = connect()
  const call = near.call as (method: string, argument: null) => Promise<unknown>
  await expect(call('toString', null)).rejects.toThrow('nothing called toString')
  close()
})
