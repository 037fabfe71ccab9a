package dev.birgus.cli.flags;

import static dev.birgus.cli.flags.Flag.own;
import static dev.birgus.cli.flags.FlagGroup.SERVER;
import static dev.birgus.cli.flags.FlagType.BOOLEAN;
import static dev.birgus.cli.flags.FlagType.DURATION;
import static dev.birgus.cli.flags.FlagType.INTEGER;
import static dev.birgus.cli.flags.FlagType.TEXT;

import java.util.List;

/** The flags of the commands that ask a server. */
final class RemoteFlags {

  private RemoteFlags() {}

  static List<Flag> all() {
    return List.of(
        own(TEXT, "server", "", "Address of the server")
            .variable("BIRGUS_SERVER")
            .sets(SERVER, "`http://HOST:8180` or `https://HOST`; see [serve.md](serve.md)."),
        own(TEXT, "token-file", "", "File with the token it knows us by")
            .variable("BIRGUS_TOKEN_FILE")
            .sets(SERVER, "A token itself is never given to birgus."),
        own(TEXT, "server-ca", "", "PEM file of the authority that vouches for it")
            .variable("BIRGUS_SERVER_CA")
            .sets(SERVER, "Without it the JDK's authorities are believed."),
        own(BOOLEAN, "follow", "false", "Stay until the build has ended")
            .sets(SERVER, "With `birgus logs`, where `-f` is the same."),
        own(TEXT, "pool", "default", "Pool of nodes a build runs on")
            .sets(SERVER, "With `birgus submit`."),
        own(INTEGER, "priority", "0", "What has more goes first, from -100 to 100")
            .sets(SERVER, "With `birgus submit`."),
        own(TEXT, "line", "", "What it is a build of: a newer one of the same line ends it")
            .sets(SERVER, "With `birgus submit`: a branch, for example."),
        own(DURATION, "build-time-limit", "", "How long a build may take in all")
            .sets(SERVER, "With `birgus submit`: such as `30m`."));
  }
}
