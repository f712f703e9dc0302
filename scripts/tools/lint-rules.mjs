// Lint rules of our own.

const REASON = /\s--\s+\S.{9,}/s

/** An exemption is written: `eslint-disable-next-line RULE -- why this place may differ`. */
const exemptionHasReason = {
  meta: { type: 'problem', schema: [], messages: { missing: 'Say why after " -- ", in a few words.' } },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (!/^\s*eslint-disable/.test(comment.value) || REASON.test(comment.value)) continue
          context.report({ loc: comment.loc, messageId: 'missing' })
        }
      },
    }
  },
}

export const lares = { rules: { 'exemption-has-reason': exemptionHasReason } }
