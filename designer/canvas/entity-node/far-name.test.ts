import { expect, it } from 'vitest'
import { breakable, wordLength } from './far-name'

const words = (name: string): string[] => breakable(name).split('\u200b')

it('lets lines end where the words of a name do', () => {
  expect(words('customer_customer_demo')).toEqual(['customer_', 'customer_', 'demo'])
  expect(words('orderDetails')).toEqual(['order', 'Details'])
  expect(words('sales.order-line')).toEqual(['sales.', 'order-', 'line'])
  expect(words('__private')).toEqual(['__', 'private'])
  expect(words('ÜberschriftÄnderung')).toEqual(['Überschrift', 'Änderung'])
  expect(words('orders')).toEqual(['orders'])
})

it('tells by the longest word how large a name can be written without breaking it', () => {
  expect(wordLength('categories')).toBe('short')
  expect(wordLength('customer_customer_demo')).toBe('short')
  expect(wordLength('territories')).toBe('long')
  expect(wordLength('customer_demographics')).toBe('long')
  expect(wordLength('authentication')).toBe('longest')
  expect(wordLength('a'.repeat(16))).toBe('longest')
  expect(wordLength('a'.repeat(17))).toBe('long')
  expect(wordLength('')).toBe('short')
})
