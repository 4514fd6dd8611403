// Loaded before the program: its clock begins at CLOCK_START (ISO 8601) and runs on from there; each SIGUSR2 sets it
// 3 min ahead, and each message of whoever started it as many ms as it says. So a market is open whenever the test runs, and nobody waits for a quote to grow stale.
const THREE_MINUTES = 180_000
const RealDate = Date
let ahead = RealDate.parse(process.env.CLOCK_START) - RealDate.now()

globalThis.Date = class ShiftedDate extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [RealDate.now() + ahead] : parts))
  }
  // A library knows types by their names.
  static get name() {
    return 'Date'
  }
  static now() {
    return RealDate.now() + ahead
  }
}

process.on('SIGUSR2', () => {
  ahead += THREE_MINUTES
})

process.on('message', (ms) => {
  ahead += ms
})
// Whoever started it may be gone, and the program must end all the same.
process.channel?.unref()
