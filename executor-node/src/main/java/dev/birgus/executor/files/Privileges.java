package dev.birgus.executor.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel lets this process do, of what root file systems take.
 *
 * @param effective the effective capabilities, a bit for each: capabilities(7)
 * @param user effective user id
 */
public record Privileges(long effective, long user) {

  /** A capability and its number. */
  private record Capability(String name, int bit) {}

  private static final Capability MOUNTING = new Capability("CAP_SYS_ADMIN", 21);

  /**
   * Without these files cannot get the owners and modes an image has. What can be gone without is
   * not here: a device that may not be made, or an attribute that may not be set, is left out of
   * the root and told, and stays in the layer it came with.
   */
  private static final List<Capability> FOR_FILES =
      List.of(
          new Capability("CAP_CHOWN", 0),
          new Capability("CAP_DAC_OVERRIDE", 1),
          new Capability("CAP_FOWNER", 3));

  /** The privileges of this process. */
  public static Privileges ofThisProcess() throws IOException {
    return parse(Files.readAllLines(Path.of("/proc/self/status")));
  }

  /** The privileges a status file tells of: proc_pid_status(5). */
  static Privileges parse(List<String> status) throws IOException {
    var effective = -1L;
    var user = -1L;
    for (var line : status) {
      if (line.startsWith("CapEff:")) {
        effective = Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16);
      } else if (line.startsWith("Uid:")) {
        user = Long.parseLong(line.split("\\s+")[2]);
      }
    }
    if (user < 0) {
      throw new IOException("/proc/self/status does not tell the user");
    }
    return new Privileges(effective, user);
  }

  /**
   * The capabilities that are needed and not there.
   *
   * @param mounting whether something has to be mounted
   */
  public List<String> missing(boolean mounting) {
    var missing = new ArrayList<String>();
    for (var capability : FOR_FILES) {
      if (!has(capability)) {
        missing.add(capability.name());
      }
    }
    if (mounting && !has(MOUNTING)) {
      missing.add(MOUNTING.name());
    }
    return missing;
  }

  private boolean has(Capability capability) {
    return (effective >>> capability.bit() & 1) == 1;
  }
}
