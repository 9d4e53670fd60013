const DATABASE_URL = /^postgres(ql)?:\/\/\S+$/

/** Why it can't be the address of a database, or null where it may be one. */
export const addressProblem = (address: string): string | null =>
  DATABASE_URL.test(address.trim())
    ? null
    : 'That is not the URL of a PostgreSQL database. Give one of the form postgres://user:password@host:5432/database.'
