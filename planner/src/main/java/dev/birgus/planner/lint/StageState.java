package dev.birgus.planner.lint;

import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.oci.ImageConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is known of a stage between two of its instructions. */
final class StageState {

  /** Variables that have a value. */
  final Map<String, String> values = new LinkedHashMap<>();

  /** Names that ARG has declared, with a value or without. */
  final Set<String> declared = new HashSet<>();

  /** Where the last CMD, ENTRYPOINT and HEALTHCHECK are. */
  final Map<String, SourceLocation> last = new HashMap<>();

  /** Whether all that the base image sets is known. */
  final boolean baseIsKnown;

  /** What was put off to this stage by the one it is built on. */
  final List<String> triggers = new ArrayList<>();

  /** What this stage puts off to those built on it. */
  final List<String> putOff = new ArrayList<>();

  boolean hasShell;
  boolean hasDirectory;

  private StageState(boolean baseIsKnown) {
    this.baseIsKnown = baseIsKnown;
  }

  /** A stage on nothing. */
  static StageState onScratch() {
    var state = new StageState(true);
    state.values.put("PATH", "");
    return state;
  }

  /** A stage on an image. */
  static StageState on(ImageConfig image) {
    var state = onScratch();
    state.values.putAll(image.env());
    state.hasShell = !image.shell().isEmpty();
    state.triggers.addAll(image.onBuild());
    return state;
  }

  /** A stage on an image nobody has looked at. */
  static StageState onUnknown() {
    var state = new StageState(false);
    state.values.put("PATH", "");
    return state;
  }

  /** A stage on this one. */
  StageState successor() {
    var state = new StageState(baseIsKnown);
    state.values.putAll(values);
    state.declared.addAll(declared);
    state.triggers.addAll(putOff);
    state.hasShell = hasShell;
    state.hasDirectory = hasDirectory;
    return state;
  }
}
