package dev.birgus.executor.run;

import dev.birgus.executor.run.CommandRunner.Invocation;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Isolation.Network;
import dev.birgus.infra.contracts.Isolation.Security;

/** Says what a command needs that cannot be done on a rung: better refused than run wrong. */
final class RungNeeds {

  private RungNeeds() {}

  /**
   * Checks a command.
   *
   * @throws FailureException {@code isolation-lacks}
   */
  static void check(Rung rung, Invocation invocation) {
    if (invocation.isolation().security() == Security.INSECURE && rung != Rung.NS) {
      throw lacking(rung, "RUN --security=insecure", "no command gains privileges");
    }
    if (rung.mounts()) {
      return;
    }
    if (invocation.isolation().network() == Network.NONE) {
      throw lacking(rung, "RUN --network=none", "there is no network but the node's");
    }
    for (var mount : invocation.mounts()) {
      // A script written in the Dockerfile is no secret: it can be a file for the time it runs.
      if (!(mount instanceof Mount.Content content && content.program())) {
        throw lacking(rung, "RUN --mount at " + mount.target(), "nothing can be mounted");
      }
    }
  }

  private static FailureException lacking(Rung rung, String what, String why) {
    return Failure.of(
            "isolation-lacks",
            what + " cannot be done with isolation " + rung.label() + ", where " + why,
            "leave it out, or let birgus use a higher rung: "
                + (rung == Rung.USERNS ? Rung.NS : Rung.USERNS).advice())
        .toException();
  }
}
