package dev.birgus.infra.observe;

/** The names under which context stands in a log line. */
public final class LogKeys {

  public static final String BUILD = "build";
  public static final String STAGE = "stage";
  public static final String ISOLATION = "isolation";
  public static final String STEP = "step";
  public static final String DIGEST = "digest";
  public static final String REGISTRY = "registry";
  public static final String TOPIC = "topic";
  public static final String EVENT = "event";
  public static final String POOL = "pool";
  public static final String ATTEMPT = "attempt";
  public static final String PATH = "path";
  public static final String LINE = "line";
  public static final String RULE = "rule";
  public static final String ERROR = "error";
  public static final String METHOD = "method";
  public static final String URL = "url";
  public static final String STATUS = "status";
  public static final String MILLISECONDS = "ms";

  private LogKeys() {}
}
