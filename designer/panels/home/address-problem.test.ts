import { expect, it } from 'vitest'
import { addressProblem } from './address-problem'

it('takes what may be the URL of a PostgreSQL database', () => {
  for (const address of ['postgres://ada:secret@host:5432/shop', ' postgresql://host/shop ', 'postgres://localhost']) {
    expect(addressProblem(address)).toBeNull()
  }
})

it('says of all else what to give instead', () => {
  for (const address of ['', 'hello', 'mysql://a@b/c', 'postgres://', 'host:5432/shop', 'postgres://a b']) {
    expect(addressProblem(address)).toContain('postgres://user:password@host:5432/database')
  }
})
