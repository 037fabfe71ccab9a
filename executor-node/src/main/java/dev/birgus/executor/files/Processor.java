package dev.birgus.executor.files;

/** The processor this process runs on. */
public final class Processor {

  private Processor() {}

  /** Its name as uname(2) has it: {@code x86_64} or {@code aarch64}. */
  public static String name() {
    return SystemCalls.onArm() ? "aarch64" : "x86_64";
  }
}
