package dev.birgus.executor.layer;

import java.io.IOException;
import java.nio.file.Path;

/** A process that takes all layers from a shelf and waits to be killed before it removes them. */
final class Withdrawal {

  private Withdrawal() {}

  public static void main(String[] arguments) throws IOException {
    var shelf = new LayerShelf(Path.of(arguments[0]));
    for (var kept : shelf.kept()) {
      var _ = shelf.withdraw(kept).orElseThrow();
    }
    System.out.print("w");
    System.out.flush();
    System.in.read();
  }
}
