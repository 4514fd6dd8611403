/** A clock that goes back by more than this was set, ms. */
export const SET_BACK = 10_000
