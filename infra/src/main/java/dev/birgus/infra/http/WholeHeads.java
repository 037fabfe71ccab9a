package dev.birgus.infra.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/** Reads heads of answers, of which the library would believe those that are cut off, too. */
record WholeHeads(Http1Config limits) implements HttpMessageParserFactory<ClassicHttpResponse> {

  @Override
  public HttpMessageParser<ClassicHttpResponse> create() {
    return new Parser(limits);
  }

  @Override
  @Deprecated
  public HttpMessageParser<ClassicHttpResponse> create(Http1Config others) {
    return new Parser(others);
  }

  private static final class Parser extends DefaultHttpResponseParser {
    Parser(Http1Config limits) {
      super(limits);
    }

    @Override
    public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in)
        throws IOException, HttpException {
      return super.parse(buffer, new Head(in, buffer.length() > 0));
    }
  }

  /** Bytes that may only end before the first one. */
  private static final class Head extends FilterInputStream {
    private boolean begun;

    Head(InputStream in, boolean begun) {
      super(in);
      this.begun = begun;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      var n = in.read(bytes, offset, length);
      if (n < 0 && begun) {
        throw new ConnectionClosedException("the answer ended in its head");
      }
      begun = true;
      return n;
    }
  }
}
