import Dispatch
import Synchronization

/// Does asynchronous work and waits for it on a thread that Swift's tasks do not run on: the process's first one.
///
/// So only those commands start threads that do something in parallel.
func waiting<Value: Sendable>(for work: @escaping @Sendable () async -> Value) -> Value {
  let result = Result<Value>()
  Task {
    let value = await work()
    result.value.withLock { $0 = value }
    result.isThere.signal()
  }
  result.isThere.wait()
  guard let value = result.value.withLock(\.self) else { preconditionFailure("who signals has set the value") }
  return value
}

private final class Result<Value: Sendable>: Sendable {
  let value = Mutex<Value?>(nil)
  let isThere = DispatchSemaphore(value: 0)
}
