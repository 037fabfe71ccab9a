package dev.birgus.infra.observe.libraries;

import dev.birgus.infra.observe.Journal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** What one class of a library logs. Less than a warning is nothing. */
final class LibraryLogger extends LegacyAbstractLogger {

  private static final long serialVersionUID = 1L;

  private final transient LibraryLines lines;

  LibraryLogger(String name, LibraryLines lines) {
    this.name = name;
    this.lines = lines;
  }

  @Override
  public boolean isTraceEnabled() {
    return false;
  }

  @Override
  public boolean isDebugEnabled() {
    return false;
  }

  @Override
  public boolean isInfoEnabled() {
    return false;
  }

  @Override
  public boolean isWarnEnabled() {
    return true;
  }

  @Override
  public boolean isErrorEnabled() {
    return true;
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      @Nullable String pattern,
      Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    var text = MessageFormatter.basicArrayFormat(pattern, arguments);
    lines.log(
        level == Level.ERROR ? Journal.Level.ERROR : Journal.Level.WARN,
        new LibraryLines.Line(name, String.valueOf(pattern), String.valueOf(text)),
        failure);
  }
}
