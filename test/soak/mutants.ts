import type { Mutation } from '../kill/mutant.ts'

/** Changes of the compiled program that make it lose or double: with each of them a run must end badly. */
export const MUTANTS: Readonly<Record<string, readonly Mutation[]>> = {
  /** A message is recorded as sent before it is sent; what happens in between is lost. */
  early: [
    {
      file: 'src/delivery/deliver.js',
      from: 'const receipt = await within(',
      to:
        "await ports.record(telling.bundle.map(({ id }) => id), { state: 'sent', receipt: 'early' });" +
        ' await new Promise((done) => setTimeout(done, 400)); const receipt = await within(',
    },
  ],
  /** A message that comes twice is acted on twice. */
  twice: [
    {
      file: 'src/commands/dispatch.js',
      from: 'const before = await ports.messages.answered(key);',
      to: 'const before = undefined;',
    },
    {
      file: 'src/commands/alert.js',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what stands in the program
      from: '.update(`${message.channel}\\n${message.id}\\n${index}`)',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: and what stands there then
      to: '.update(`${Math.random()}`)',
    },
  ],
}
