package dev.birgus.load.pipeline;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A row of the pipeline's table: what was done, what it took, what the thing beside it took in the
 * same run, and what comes of the two.
 */
record PipelineRow(String name, String measured, String beside, String result) {

  static final String HEAD = "| | measured | beside | result |\n|---|---|---|---|";

  /** How many times as fast it was. */
  static PipelineRow faster(String name, double seconds, double beside) {
    return new PipelineRow(
        name,
        fixed(seconds, 1) + " s",
        fixed(beside, 1) + " s",
        "**" + fixed(beside / seconds, 2) + " times as fast**");
  }

  /** How much longer it took. */
  static PipelineRow slower(String name, double seconds, double beside) {
    return new PipelineRow(
        name,
        fixed(seconds * 1000, 0) + " ms",
        fixed(beside * 1000, 0) + " ms",
        "**" + fixed((seconds - beside) * 1000, 0) + " ms more**");
  }

  /** A number with so many decimals, the same in every language. */
  static String fixed(double value, int decimals) {
    return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP).toPlainString();
  }

  @Override
  public String toString() {
    return "| " + String.join(" | ", name, measured, beside, result) + " |";
  }
}
