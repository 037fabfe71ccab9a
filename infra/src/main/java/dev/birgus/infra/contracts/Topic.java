package dev.birgus.infra.contracts;

/** Where events go. In a cluster each is a Kafka topic; names get the configured prefix. */
public enum Topic {
  /** Requests and cancellations, by build: ingest writes, planner reads. */
  BUILDS("builds"),
  /**
   * What builds want of a pool of nodes, and what the nodes say of stages and of themselves, by
   * pool: planner and executor nodes write, planner reads.
   */
  STAGES("stages"),
  /** Which build is the newest of its line, by line: ingest and planner write, planner reads. */
  LINES("lines"),
  /** {@code StageReady}, a work queue: planner writes, one free slot of the pool reads each. */
  WORK("work"),
  /** What became of stages and pushes, by build: planner and pushers write, planner reads. */
  RESULTS("results"),
  /** {@code PushRequested}, a work queue: planner writes, one pusher reads each. */
  PUSHES("pushes"),
  /** What is not wanted any more, by build: planner writes, every node and pusher reads. */
  CONTROL("control"),
  /** The public life-cycle feed: everybody writes, terminals, web pages and metrics read. */
  EVENTS("events"),
  /** What steps print: executor nodes write, terminals read. */
  LOGS("logs");

  /** The lane of jobs that any worker may take. */
  public static final String ANYONE = "all";

  private final String topicName;

  Topic(String topicName) {
    this.topicName = topicName;
  }

  /** Whether it holds jobs, each for one worker. Their key is the lane they are for. */
  public boolean isWorkQueue() {
    return this == WORK || this == PUSHES;
  }

  /** Whether nobody's work depends on it: it is there to be watched. */
  public boolean isFeed() {
    return this == EVENTS || this == LOGS;
  }

  /** The name without prefix. */
  public String topicName() {
    return topicName;
  }
}
