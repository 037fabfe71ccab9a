package dev.birgus.infra.observe.libraries;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.observe.Journal;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Takes what libraries log by SLF4J. A process that wants it names this class by the system
 * property {@value #PROPERTY} before the first library logs; SLF4J makes the one there is, which is
 * why the journal belongs to the process.
 */
public final class LibraryLogs implements SLF4JServiceProvider {

  /** Where SLF4J looks for the name of this class. */
  public static final String PROPERTY = "slf4j.provider";

  /** The API of SLF4J this is written for. */
  private static final String API = "2.0.99";

  private static final LibraryLines LINES = new LibraryLines(System::nanoTime);

  private final ConcurrentHashMap<String, LibraryLogger> loggers = new ConcurrentHashMap<>();
  private final BasicMarkerFactory markers = new BasicMarkerFactory();
  private final NOPMDCAdapter context = new NOPMDCAdapter();

  /** For SLF4J. */
  public LibraryLogs() {}

  /** Gives what libraries log to this journal, until the result is closed. */
  public static AutoCloseable to(Journal journal) {
    LINES.giveTo(requireNonNull(journal, "journal"));
    return () -> LINES.giveTo(Journal.silent());
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return name -> loggers.computeIfAbsent(name, made -> new LibraryLogger(made, LINES));
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return API;
  }

  @Override
  public void initialize() {
    // There is nothing to be set up.
  }
}
