package dev.birgus.infra.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Signs what a {@link RealRegistry} with tokens believes, with the key of its certificate (the
 * distribution project's token specification), and serves TLS with that certificate.
 */
public final class RegistryTokens {

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final X509Certificate certificate;
  private final PrivateKey key;

  /** Signs with the certificate in the folder of a registry that speaks TLS. */
  public RegistryTokens(Path folder) throws IOException, GeneralSecurityException {
    try (InputStream pem = Files.newInputStream(folder.resolve("server.pem"))) {
      certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
    }
    var text = Files.readString(folder.resolve("server.key")).replaceAll("-----[A-Z ]+-----", "");
    key =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text)));
  }

  /** TLS with the registry's own certificate. */
  public SSLContext tls() throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("own", key, new char[0], new X509Certificate[] {certificate});
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    var context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  /**
   * A token good for five minutes.
   *
   * @param scopes {@code repository:NAME:pull,push}; those of no repository give nothing
   */
  public String token(List<String> scopes) throws GeneralSecurityException {
    var access = new ArrayList<String>();
    for (var scope : scopes) {
      var parts = scope.split(":");
      if (parts.length == 3) {
        var actions = "\"" + String.join("\",\"", Arrays.asList(parts[2].split(","))) + "\"";
        access.add(
            "{\"type\":\"repository\",\"name\":\""
                + parts[1]
                + "\",\"actions\":["
                + actions
                + "]}");
      }
    }
    var chain = Base64.getEncoder().encodeToString(certificate.getEncoded());
    var header = "{\"typ\":\"JWT\",\"alg\":\"ES256\",\"x5c\":[\"" + chain + "\"]}";
    var now = Instant.now().getEpochSecond();
    var claims =
        "{\"iss\":\"test\",\"sub\":\"\",\"aud\":\"registry\",\"exp\":"
            + (now + 300)
            + ",\"nbf\":"
            + (now - 60)
            + ",\"iat\":"
            + now
            + ",\"jti\":\"1\",\"access\":["
            + String.join(",", access)
            + "]}";
    var signed = part(header.getBytes(UTF_8)) + "." + part(claims.getBytes(UTF_8));
    var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(key);
    signature.update(signed.getBytes(UTF_8));
    return signed + "." + part(signature.sign());
  }

  /** A token service that gives everything that is asked for to one user, and to nobody else. */
  public Function<TokenServices.Asked, TokenServices.Answer> service(String user, String password) {
    var pair = (user + ":" + password).getBytes(UTF_8);
    var wanted = "Basic " + Base64.getEncoder().encodeToString(pair);
    return asked -> {
      if (!wanted.equals(asked.headers().get("authorization"))) {
        return new TokenServices.Answer(401, "{\"details\":\"wrong user or password\"}");
      }
      try {
        var token = token(asked.parameters("scope"));
        return new TokenServices.Answer(200, "{\"token\":\"" + token + "\",\"expires_in\":300}");
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException(impossible);
      }
    };
  }

  private static String part(byte[] bytes) {
    return BASE64.encodeToString(bytes);
  }
}
