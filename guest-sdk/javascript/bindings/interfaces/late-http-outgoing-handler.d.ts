/// <reference path="./late-http-types.d.ts" />
declare module 'late:http/outgoing-handler@0.2.11' {
  /**
   * This function is invoked with an outgoing HTTP Request, and it returns
   * a resource `future-incoming-response` which represents an HTTP Response
   * which may arrive in the future.
   * 
   * The `options` argument accepts optional parameters for the HTTP
   * protocol's transport layer.
   * 
   * This function may return an error if the `outgoing-request` is invalid
   * or not allowed to be made. Otherwise, protocol errors are reported
   * through the `future-incoming-response`.
   */
  export function handle(request: OutgoingRequest, options: RequestOptions | undefined): FutureIncomingResponse;
  export type OutgoingRequest = import('late:http/types@0.2.11').OutgoingRequest;
  export type RequestOptions = import('late:http/types@0.2.11').RequestOptions;
  export type FutureIncomingResponse = import('late:http/types@0.2.11').FutureIncomingResponse;
  export type ErrorCode = import('late:http/types@0.2.11').ErrorCode;
}
