package dev.birgus.cli.flags;

import static dev.birgus.cli.flags.Flag.fork;
import static dev.birgus.cli.flags.FlagType.BOOLEAN;
import static dev.birgus.cli.flags.FlagType.TEXT;

import java.util.List;

/** The flags of the command that stores credentials. */
final class LoginFlags {

  private LoginFlags() {}

  static List<Flag> all() {
    return List.of(
        fork(TEXT, "username", "", "User to log in as")
            .letter('u')
            .sets(FlagGroup.LOGIN, "Of the registry `birgus login` names."),
        fork(TEXT, "password", "", "Password or token of the user")
            .letter('p')
            .sets(
                FlagGroup.LOGIN,
                "Everybody on the machine can see it in the list of processes: `--password-stdin` is"
                    + " better."),
        fork(BOOLEAN, "password-stdin", "false", "Read the password from standard input")
            .sets(FlagGroup.LOGIN, "One end of line after it is left out."));
  }
}
