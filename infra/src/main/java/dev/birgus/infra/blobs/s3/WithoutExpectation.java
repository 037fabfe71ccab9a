package dev.birgus.infra.blobs.s3;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Sends parts without asking whether they may come: servers that do not answer that cost five
 * seconds a part, and those that go away meanwhile an exception the SDK does not know.
 */
final class WithoutExpectation implements ExecutionInterceptor {

  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    return context.httpRequest().copy(request -> request.removeHeader("Expect"));
  }
}
