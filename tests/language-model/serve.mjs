// node serve.mjs MODEL.gguf: prints its port, then answers /v1/chat/completions until its input closes.
import { createServer } from 'node:http'
import { getLlama, LlamaChatSession } from 'node-llama-cpp'

const CONTEXT_TOKENS = 8_192
const [modelPath = ''] = process.argv.slice(2)

// One thread: on a busy machine more of them wait for each other.
const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, logLevel: 'error', maxThreads: 1 })
const model = await llama.loadModel({ modelPath })
const context = await model.createContext({ contextSize: CONTEXT_TOKENS, threads: 1 })
const sequence = context.getSequence()
let turn = Promise.resolve()
let seed = 0

async function complete(request) {
  const [system, user] = request.messages
  const { schema } = request.response_format.json_schema
  const grammar = await llama.createGrammarForJsonSchema(schema)
  await sequence.clearHistory()
  const session = new LlamaChatSession({ contextSequence: sequence, systemPrompt: system.content })
  const before = sequence.tokenMeter.getState()
  const text = typeof user.content === 'string' ? user.content : user.content[0].text
  // Random weights know one answer to everything; a seed for each question makes them answer differently.
  const options = { grammar, maxTokens: request.max_tokens, temperature: 1, seed: ++seed }
  const { responseText, stopReason } = await session.promptWithMeta(text, options)
  const used = sequence.tokenMeter.diff(before)
  session.dispose()
  return {
    id: `chatcmpl-${seed}`,
    object: 'chat.completion',
    created: 1,
    model: 'tiny.gguf',
    choices: [
      {
        index: 0,
        finish_reason: stopReason === 'maxTokens' ? 'length' : 'stop',
        message: { role: 'assistant', content: responseText },
      },
    ],
    usage: { prompt_tokens: used.usedInputTokens, completion_tokens: used.usedOutputTokens },
  }
}

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const answer = turn.then(() => complete(JSON.parse(body)))
  turn = answer.catch(() => undefined)
  try {
    const reply = JSON.stringify(await answer)
    response.writeHead(200, { 'content-type': 'application/json' }).end(reply)
  } catch (error) {
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: String(error) }))
  }
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.resume().on('close', () => process.exit(0))
