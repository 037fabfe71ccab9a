package dev.birgus.cli.local;

import dev.birgus.cli.flags.BuildCommand;
import dev.birgus.infra.contracts.Delivery.ToDigestFile.Content;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.registry.RegistryException;
import dev.birgus.infra.registry.WebFiles;
import dev.birgus.pusher.export.DigestFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Digest files that are sent to addresses instead of being written, as kaniko does it: the flag has
 * a URL, and its server gets a PUT of plain text. Such URLs are often signed, so they do not travel
 * in events.
 */
final class DigestAddresses {

  private final BuildCommand.Output output;

  DigestAddresses(BuildCommand.Output output) {
    this.output = output;
  }

  private static boolean isAddress(String written) {
    return written.startsWith("https://") || written.startsWith("http://");
  }

  /** What is written to a file: nothing if it is sent to an address. */
  static Optional<String> path(Optional<String> written) {
    return written.filter(name -> !isAddress(name));
  }

  /**
   * Sends what has an address, after everything else has been done.
   *
   * @throws dev.birgus.infra.contracts.FailureException if a server does not take it
   */
  void send(WebFiles web, Digest manifest) {
    send(web, output.digestFile(), Content.DIGEST, manifest);
    send(web, output.nameDigestFile(), Content.NAME_AND_DIGEST, manifest);
    send(web, output.nameTagDigestFile(), Content.NAME_TAG_AND_DIGEST, manifest);
  }

  private void send(WebFiles web, Optional<String> written, Content content, Digest manifest) {
    var address = written.filter(DigestAddresses::isAddress);
    if (address.isEmpty()) {
      return;
    }
    var names = output.destinations().stream().map(BuildCommand.Destination::reference).toList();
    var text = DigestFile.text(content, names, manifest).getBytes(StandardCharsets.UTF_8);
    try {
      web.put(address.get(), text, "text/plain");
    } catch (RegistryException refused) {
      throw refused.failure().toException(refused);
    } catch (IOException broken) {
      throw Failure.of(
              "digest-not-sent",
              "cannot write to " + WebFiles.shown(address.get()) + ": " + broken.getMessage(),
              "check the address")
          .toException(broken);
    }
  }
}
