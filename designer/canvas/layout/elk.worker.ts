/// <reference lib="webworker" />
// ELK's own worker: loaded in a worker, it takes the messages over by itself.
import 'elkjs/lib/elk-worker.min.js'
