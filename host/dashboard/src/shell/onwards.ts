// Where a page leads once something is done.
import { useLayoutEffect, useRef } from "react";
import { useNavigate, useNavigation, type NavigateOptions } from "react-router";

/** Goes to another page, unless the reader has left this one meanwhile or is on the way: nobody is called back. */
export function useOnwards(): (to: string, options?: NavigateOptions) => Promise<void> {
  const navigate = useNavigate();
  const stays = useNavigation().state === "idle";
  const here = useRef(false);
  useLayoutEffect(() => {
    here.current = stays;
    return () => {
      here.current = false;
    };
  }, [stays]);
  return async (to, options) => {
    if (here.current) await navigate(to, options);
  };
}
