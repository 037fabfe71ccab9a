package dev.birgus.infra.doors;

import java.io.IOException;

/** What answers the requests of one route. Called on a virtual thread of its own; it may block. */
@FunctionalInterface
public interface Endpoint {

  /**
   * Answers a request.
   *
   * @throws RefusedRequest to answer with its status and failure
   * @throws dev.birgus.infra.contracts.FailureException to answer with 400 and the failure
   * @throws IOException if the client has gone away; a bug or a lost resource otherwise
   */
  void serve(Exchange exchange) throws IOException, InterruptedException;
}
