package dev.birgus.cli.report;

import dev.birgus.cli.progress.Amounts;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.node.Kept;
import dev.birgus.infra.node.Pruner;
import java.math.BigDecimal;
import java.util.List;

/** What was deleted from the state folder, or would be. */
public final class PruneReport {

  private PruneReport() {}

  /** For people: a line for each thing, and how much is free now. */
  public static String text(Pruner.Outcome outcome, boolean dryRun) {
    var text = new StringBuilder();
    for (var each : outcome.removed()) {
      text.append(each.name()).append("  ").append(Amounts.size(each.size()));
      text.append("  last used ").append(each.used()).append('\n');
    }
    text.append(dryRun ? "would free " : "freed ").append(Amounts.size(outcome.freed()));
    text.append(", ").append(Amounts.size(outcome.left()));
    text.append(dryRun ? " would be left\n" : " are left\n");
    return text.toString();
  }

  /** For programs: one object on one line. */
  public static String json(Pruner.Outcome outcome, boolean dryRun) {
    List<Json> removed = outcome.removed().stream().<Json>map(PruneReport::json).toList();
    var json =
        Json.Obj.EMPTY
            .with("dryRun", Json.of(dryRun))
            .with("freed", bytes(outcome.freed()))
            .with("left", bytes(outcome.left()))
            .with("removed", new Json.Arr(removed));
    return JsonText.text(json) + "\n";
  }

  private static Json json(Kept kept) {
    return Json.Obj.EMPTY
        .with("kind", Json.of(kept.kind()))
        .with("name", Json.of(kept.name()))
        .with("size", bytes(kept.size()))
        .with("lastUsed", Json.of(kept.used().toString()));
  }

  private static Json bytes(long bytes) {
    return new Json.Num(BigDecimal.valueOf(bytes));
  }
}
