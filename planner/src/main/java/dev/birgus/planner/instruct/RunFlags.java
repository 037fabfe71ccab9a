package dev.birgus.planner.instruct;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Isolation;
import dev.birgus.infra.contracts.Isolation.Network;
import dev.birgus.infra.contracts.Isolation.Security;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.syntax.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The flags of a RUN, understood as far as they can be without variables.
 *
 * @param devices as written
 */
public record RunFlags(List<MountFlag> mounts, Isolation isolation, List<String> devices) {

  private static final String MOUNT = "--mount=";
  private static final String NETWORK = "--network=";
  private static final String SECURITY = "--security=";
  private static final String DEVICE = "--device=";

  private static final Map<String, Network> NETWORKS =
      Map.of(
          "default", Network.DEFAULT,
          "host", Network.HOST,
          "none", Network.NONE);

  private static final Map<String, Security> SECURITIES =
      Map.of(
          "sandbox", Security.SANDBOX,
          "insecure", Security.INSECURE);

  public RunFlags {
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
  }

  /**
   * The meaning of flags whose names are those of RUN.
   *
   * @param words as they stand in {@link Instruction.Run}
   * @param placeOf the place of a word
   * @throws FailureException {@code invalid-mount} or {@code invalid-flag}
   */
  public static RunFlags of(List<String> words, Function<String, SourceLocation> placeOf) {
    var mounts = new ArrayList<MountFlag>();
    var devices = new ArrayList<String>();
    var network = Network.DEFAULT;
    var security = Security.SANDBOX;
    for (var word : words) {
      try {
        if (word.startsWith(MOUNT)) {
          mounts.add(MountFlag.parse(word, MOUNT.length()));
        } else if (word.startsWith(NETWORK)) {
          network = choice("network", word.substring(NETWORK.length()), NETWORKS);
        } else if (word.startsWith(SECURITY)) {
          security = choice("security", word.substring(SECURITY.length()), SECURITIES);
        } else if (word.startsWith(DEVICE)) {
          devices.add(word.substring(DEVICE.length()));
        }
      } catch (FailureException wrong) {
        throw wrong.failure().in(placeOf.apply(word)).toException(wrong);
      }
    }
    return new RunFlags(mounts, new Isolation(network, security), devices);
  }

  private static <T> T choice(String flag, String value, Map<String, T> choices) {
    var choice = choices.get(value);
    if (choice == null) {
      var names = choices.keySet().stream().sorted().toList();
      throw Failure.of(
              "invalid-flag",
              "--" + flag + " cannot be " + Excerpt.of(value),
              Suggestion.orElse(value, names, "it is one of " + String.join(", ", names)))
          .toException();
    }
    return choice;
  }
}
