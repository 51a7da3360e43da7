sign-in = Entrar
sign-in-lead = Use o e-mail cadastrado na central.
credentials = Credenciais inválidas. Confira o e-mail e a senha.
locked = { $count ->
    [one] Muitas tentativas. A conta está bloqueada por mais 1 minuto.
   *[other] Muitas tentativas. A conta está bloqueada por mais { $count } minutos.
 }
password = Senha
password-new = Nova senha
password-hint = Pelo menos 8 caracteres.
password-keep-hint = Deixe em branco para manter a atual. Trocar encerra as sessões abertas.
setup = Primeiro acesso
setup-lead = Crie a conta de quem administra a central. Este link vale uma vez.
setup-create = Criar e entrar
name = Nome
role = Perfil
company = Empresa
company-none = Nenhuma
admin-about = O que se ajusta uma vez e depois se esquece.
users = Usuários
users-about = Quem entra na central, com qual perfil e por qual empresa.
users-search = Nome ou e-mail
users-none = Ninguém encontrado
user-new = Novo usuário
user-company-hint = Só para solicitantes. A equipe atende todas as empresas.
user-active-hint = Quem está arquivado não entra e tem as sessões encerradas.
roles = Perfis e permissões
roles-about = O que cada perfil pode fazer. A mesma tabela protege cada página e cada chamada da API.
permission = Permissão
permission-admin-open = Abrir a administração
permission-user-manage = Cadastrar e alterar usuários
problem-credentials = Credenciais inválidas. Confira o e-mail e a senha.
conflict-own-account = Você não pode rebaixar nem arquivar a própria conta.
conflict-last-admin = Este é o último administrador. Promova outra pessoa antes.
bad-email-taken = Já existe uma conta com este e-mail.
