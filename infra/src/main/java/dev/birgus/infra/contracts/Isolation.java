package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

/** How far the command of a RUN is kept apart from the machine. */
public record Isolation(Network network, Security security) {

  /** What a RUN without options has. */
  public static final Isolation DEFAULT = new Isolation(Network.DEFAULT, Security.SANDBOX);

  public Isolation {
    requireNonNull(network, "network");
    requireNonNull(security, "security");
  }

  /** The network a command sees. */
  public enum Network {
    /** The node's. */
    DEFAULT,
    /** The node's, whatever the default is. */
    HOST,
    /** Only the loopback interface, of its own. */
    NONE
  }

  /** What a command may do to the machine. */
  public enum Security {
    /** What containers may everywhere. */
    SANDBOX,
    /** Everything: it has all capabilities the node has. The build must be allowed to. */
    INSECURE
  }
}
