package dev.birgus.infra.contracts;

import dev.birgus.infra.json.Json;
import java.util.List;

/**
 * What a stage came to.
 *
 * @param layers the base's and its own, lowest first
 * @param history one entry for each instruction, the base's first (OCI image configuration)
 */
public record StageResult(List<Layer> layers, List<Json.Obj> history) {

  public StageResult {
    layers = List.copyOf(layers);
    history = List.copyOf(history);
  }
}
