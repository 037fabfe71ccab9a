package dev.birgus.infra.contracts;

/** Where events go. In a cluster each is a Kafka topic; names get the configured prefix. */
public enum Topic {
  /** Requests and cancellations: ingest writes, planner and executor nodes read. */
  BUILDS("builds"),
  /** {@code StageReady}: planner writes, one free executor slot reads each. */
  WORK("work"),
  /** What became of stages and pushes: executor nodes and pushers write, planner reads. */
  RESULTS("results"),
  /** {@code PushRequested}: planner writes, one pusher reads each. */
  PUSHES("pushes"),
  /** The public life-cycle feed: everybody writes, terminals, web pages and metrics read. */
  EVENTS("events"),
  /** What steps print: executor nodes write, terminals read. */
  LOGS("logs");

  private final String topicName;

  Topic(String topicName) {
    this.topicName = topicName;
  }

  /** The name without prefix. */
  public String topicName() {
    return topicName;
  }
}
